"""Pictures drawn by rule: places in their light and weather, and abstract art."""
