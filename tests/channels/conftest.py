from tests.databases import database_url, engine, redis_url  # noqa: F401 - fixtures
