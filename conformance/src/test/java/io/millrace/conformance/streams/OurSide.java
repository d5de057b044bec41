package io.millrace.conformance.streams;

import java.util.List;

/** A topology of ours, with the means to run it record by record. */
interface OurSide extends AutoCloseable {

    /** Gives it a record and runs until nothing is left to do. */
    void pipe(Row row) throws Exception;

    /** What came out so far; in the order of each topic. */
    List<Row> output() throws Exception;

    @Override
    void close();
}
