"""Programs that the benchmarks start, each as a process of its own."""
