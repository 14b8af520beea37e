# The board in a real browser, which nothing else here needs: Debian's Chromium.
.PHONY: check-board check-board-deps
AXE = $(BUILD)/browser/node_modules/axe-core/axe.min.js
$(AXE):
	@echo "axe-core is not here: run make check-board-deps first" >&2; false
check-board: all $(AXE) ## the board in a browser: the duo loop, by a coordinator's clicks; pictures in build/board
	@BUILD=$(abspath $(BUILD)) /usr/bin/python3 -B tests/browser/board_check.py -v
	@BUILD=$(abspath $(BUILD)) /usr/bin/python3 -B tests/browser/day_check.py -v
	@BUILD=$(abspath $(BUILD)) /usr/bin/python3 -B tests/browser/week_check.py -v
	@BUILD=$(abspath $(BUILD)) /usr/bin/python3 -B tests/browser/month_check.py -v
	@BUILD=$(abspath $(BUILD)) /usr/bin/python3 -B tests/browser/help_check.py -v
	@BUILD=$(abspath $(BUILD)) /usr/bin/python3 -B tests/browser/mend_check.py -v

check-board-deps: ## install what check-board drives (Debian packages, and axe-core of npm in build/browser)
	@tools/deps chromium chromium-driver python3-selenium fonts-dejavu-core
	@command -v npm >/dev/null || tools/deps npm # who has it from elsewhere cannot have Debian's beside it
	@mkdir -p $(BUILD)/browser && cp tests/browser/package*.json $(BUILD)/browser/ && cd $(BUILD)/browser && npm ci --ignore-scripts --no-audit --no-fund
