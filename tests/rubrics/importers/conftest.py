"""The helper modules beside these tests, by their own names: tests are files and no package."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
