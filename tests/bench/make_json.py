"""Writes a TestProject report: make_json.py TESTS FILE. Each test has one target and five full steps;
5 % fail. Deterministic; some 1,050 bytes a test, 290,000 tests are 304 MB."""
import sys

STEP = ('{"stepNumber":%d,"description":"Click the button number %d of the page","comment":"generated",'
        '"result":"%s","message":"%s"}')


def test(number):
    failed = number % 20 == 7
    steps = ",".join(
        STEP % (n, n, "Failed" if failed and n == 5 else "Passed",
                "TimeoutException: no such element" if failed and n == 5 else "Step Passed.")
        for n in range(1, 6))
    return ('{"name":"Checkout %07d","executionStart":"2022-07-01T10:20:30.5Z",'
            '"executionEnd":"0001-01-01T00:00:00Z","duration":"00:00:01.5","result":"%s",'
            '"targets":[{"targetName":"Chrome 103.0.5060.66","result":"%s","passRatio":%s,"failRatio":%s,'
            '"executionStart":"2022-07-01T10:20:30.5Z","executionEnd":"2022-07-01T10:20:32Z",'
            '"duration":"00:00:01.5","steps":[%s]}]}'
            % (number, "Failed" if failed else "Passed", "Failed" if failed else "Passed",
               "80.0" if failed else "100.0", "20.0" if failed else "0.0", steps))


def main(count, path):
    with open(path, "w") as out:
        out.write('{"id":"AbCdEfGhIjKlMnOpQrStUv","jobName":"Nightly","resultType":"Failed",'
                  '"executionStart":"2022-07-01T10:20:30.5Z","testResults":[\n')
        for number in range(count):
            out.write(test(number))
            out.write(",\n" if number + 1 < count else "\n")
        out.write('],"executionEnd":"2022-07-01T11:20:30.5Z","tags":[]}\n')


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
