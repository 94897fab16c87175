"""``python -m proactive_api.sandbox``."""

import os
import sys

from proactive_api.sandbox.options import parse
from proactive_api.sandbox.server import run

if __name__ == "__main__":
    run(parse(sys.argv[1:], os.environ))
