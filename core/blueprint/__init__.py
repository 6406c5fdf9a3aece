"""What people and programs do to a blueprint: change it, and write it as a module."""
