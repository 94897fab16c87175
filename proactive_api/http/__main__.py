"""``python -m proactive_api.http``: the API process."""

from __future__ import annotations

import logging
import os

from proactive_api.config import Config
from proactive_api.http.app import THREADS, create_app
from proactive_api.storage.migrations import migrate
from proactive_api.storage.sql.engine import create_engine
from proactive_api.work.tasks import waker


def main() -> None:
    """Run until a signal."""
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "INFO"), format="%(asctime)s %(levelname)s %(message)s")
    config = Config.from_env()
    migrate.upgrade(config.database_url)
    engine = create_engine(config.database_url, pool_size=THREADS + 2)
    app = create_app(config, engine, wake=waker(config))
    app.run("127.0.0.1", config.proactive_port, access_log=False, motd=False, debug=False)


if __name__ == "__main__":
    main()
