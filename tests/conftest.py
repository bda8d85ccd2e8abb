pytest_plugins = [
    "tests.plugins.mariadb",
    "tests.plugins.chromium",
    "tests.plugins.portal",
    "tests.plugins.aws",
    "tests.plugins.clamav",
    "tests.plugins.shared_files",
    "tests.plugins.signin",
]
