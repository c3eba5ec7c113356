# End-to-end proof of "exactly once" against the sandbox, with real processes (tests/faults). The test run plays
# a sample of it (tests/e2e/test_faults.py); this is all of it, some forty minutes on two cores:
#
#   make faults             everything
#   make faults-matrix      the kill matrix, whole at --parallel 1, samples at 4, of a second execution and of
#                           servers with slow lists or without notes
#   make faults-switches    every switch, and 50 random combinations (FAULTS_SEED=N plays those of a seed)
#   make faults-shards      processes that upload at one moment, 20 times
#   make faults-budgets     calls, in an empty project and in one of 50,000 cases and 500,000 logs
#   make faults-limits      rate limits, signals, and what is left behind
#   make faults-spool       the spool and flush

FAULTS_PARTS := matrix switches shards budgets limits spool

faults-matrix: all
	python3 tests/faults/kill_matrix.py
	python3 tests/faults/kill_matrix.py --parallel 4 --sample 120
	python3 tests/faults/kill_matrix.py --second --sample 60
	python3 tests/faults/kill_matrix.py --set list-lag-ms=1000 --set search-lag-ms=2000 --set id-lag-ms=200 --sample 60
	python3 tests/faults/kill_matrix.py --set list-notes=absent --set escaping=entities --sample 60

faults-switches: all
	python3 tests/faults/switches.py $(if $(FAULTS_SEED),--seed $(FAULTS_SEED))

faults-shards: all
	python3 tests/faults/shards.py

faults-budgets: all
	python3 tests/faults/budgets.py --large

faults-limits: all
	python3 tests/faults/limits.py

faults-spool: all
	python3 tests/faults/spool.py

# One after the other: each keeps the machine busy by itself.
faults: all
	@failed=; for part in $(FAULTS_PARTS); do $(MAKE) --no-print-directory faults-$$part || failed="$$failed $$part"; done; \
	    [ -z "$$failed" ] || { echo "failed:$$failed"; exit 1; }

.PHONY: faults $(addprefix faults-,$(FAULTS_PARTS))
