"""数据交换: a file is chosen, recognised, previewed with every problem, and taken in."""
