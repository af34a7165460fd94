"""Measures the stub beside other mocks, and writes benchmarks/RESULTS.md and throughput.svg."""

from benchmarks.bench.command import main

raise SystemExit(main())
