"""The pages of the window, each a widget that is made with an ``AppContext``."""
