from tests.databases import (  # noqa: F401 - fixtures
    database_url,
    engine,
    migrated_url,
    postgres_template,
    sqlite_template,
)
