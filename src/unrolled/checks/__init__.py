"""Files of labelled texts → what is wrong with them before anything is trained: findings, each with its rows."""
