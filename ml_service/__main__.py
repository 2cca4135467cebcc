"""``python -m ml_service``."""

import gc
import sys

if __name__ == "__main__":
    gc.disable()  # what is imported stays: looking for garbage meanwhile takes a fifth of the time
    if sys.argv[1:2] == ["serve"]:
        from ml_service.cli.serve import main  # without what the other commands import
    else:
        from ml_service.cli.main import main
    gc.freeze()
    gc.enable()
    main()
