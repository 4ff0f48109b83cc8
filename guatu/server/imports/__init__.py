"""An office's workbooks taken over on the web: seen before anything is saved, taken back whole."""
