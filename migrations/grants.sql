-- What the portal's account may do, and nothing more: no DDL, and the audit trail only grows.
-- Run as the database's administrator, in the portal's database, after each migration that adds a
-- table. The account is made outside, so that its password never stands in a file:
--     CREATE USER 'portal'@'%' IDENTIFIED BY '…' REQUIRE SSL;

GRANT SELECT, INSERT ON audit_event TO 'portal'@'%';
GRANT SELECT, INSERT ON audit_seal TO 'portal'@'%';
GRANT SELECT ON alembic_version TO 'portal'@'%';

GRANT SELECT, INSERT, UPDATE, DELETE ON account TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON account_code TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON allergy_intolerance TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON appointment TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON document_reference TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON emergency_access TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON encounter TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON job_failure TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON kept_form TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON location TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON location_hours TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON location_identifier TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON medication_request TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON no_known_allergies TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON notice TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON notice_delivery TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON observation TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON observation_panel TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON patient TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON patient_condition TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON patient_identifier TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON patient_merge TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON patient_search_term TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON practitioner TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON practitioner_identifier TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON practitioner_role TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON problem_code TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limit TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON record_version TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON related_person TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON result_hold TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON result_wait TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON schedule TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON schedule_exception TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_session TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON slot TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON submission TO 'portal'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON worker_beat TO 'portal'@'%';
