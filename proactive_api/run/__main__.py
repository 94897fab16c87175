"""``python -m proactive_api.run``: what ``make run`` runs."""

import sys

from proactive_api.run.supervisor import main

if __name__ == "__main__":
    sys.exit(main())
