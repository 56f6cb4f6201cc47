"""What becomes of tests of unittest."""

import unittest


class Results(unittest.TestResult):
    """What becomes of tests of unittest."""

    def __init__(self, run):
        unittest.TestResult.__init__(self)
        self.run_ = run

    def startTest(self, test):
        self.mark = len(self.run_.records)
        self.counts = True

    def stopTest(self, test):
        run = self.run_
        if run.client.stop is not None:
            raise run.client.stop
        if self.counts:
            for record in run.records[self.mark :]:
                record.test = test.id().replace("__main__.", "")
            run.count(len(run.records) == self.mark)
            run.send_records()

    def addError(self, test, error):
        self.run_.record(error[1])
        if not isinstance(test, unittest.TestCase):
            # A class or module that could not be set up.
            self.run_.count(False)
            self.run_.send_records()

    addFailure = addError

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.run_.record(error[1])

    def addSkip(self, test, reason):
        self.run_.skipped += 1
        self.counts = False

    def addExpectedFailure(self, test, error):
        del self.run_.records[self.mark :]
        self.counts = False

    def addUnexpectedSuccess(self, test):
        self.run_.records.append(Record("assertion_failed", 0, "an unexpected success"))

    def addSuccess(self, test):
        pass
