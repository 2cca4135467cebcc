"""``python -m ml_service``."""

from ml_service.cli.main import main

if __name__ == "__main__":
    main()
