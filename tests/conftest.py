pytest_plugins = [
    "tests.plugins.lanes",
    "tests.plugins.mariadb",
    "tests.plugins.tls_mariadb",
    "tests.plugins.chromium",
    "tests.plugins.portal",
    "tests.plugins.post",
    "tests.plugins.aws",
    "tests.plugins.clamav",
    "tests.plugins.shared_files",
    "tests.plugins.signin",
    "tests.plugins.statements",
]
