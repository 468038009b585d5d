"""The tour: the main job of the program, walked through without a screen."""
