"""方案实验室: a changed scheme on the facts of judged months. Nothing is kept, nothing of it is official."""
