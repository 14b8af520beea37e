# The stack in containers, as docker-compose.yml has it; says why where no engine can be had.
.PHONY: check-compose
check-compose: ## the containers: built, brought up, killed, restarted (minutes; needs Docker)
	@/usr/bin/python3 -B -m unittest -v tests/compose/compose_test.py
