"""The stages copydesk ships with. Each module is a plugin; they load as third-party ones do."""
