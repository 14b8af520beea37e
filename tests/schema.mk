# The schema compiler and the contract it guards.
.PHONY: schema-test golden

schema-test: ## the schema compiler's tests, and whether the schemas are sound and keep their promises
	@python3 -B -m unittest discover -q -s tests/schema -p '*_test.py'
	@python3 -B tools/schema/compile.py check schemas
	$(if $(wildcard schemas/released.json),@python3 -B tools/schema/compile.py compat schemas)

golden: ## write golden bytes for messages that have none yet
	@python3 -B tools/schema/compile.py golden schemas tests/contract/golden
