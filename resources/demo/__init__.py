"""The demo centre: invented people, customers and cases in `centre.toml`, scripted answers in `answers/`."""
