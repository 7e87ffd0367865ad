"""What ./dev is made of: the host of the addon and the developer's commands."""
