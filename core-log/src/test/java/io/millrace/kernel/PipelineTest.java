package io.millrace.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PipelineTest {

    private final List<String> trace = new ArrayList<>();

    /** Notes what it takes and finishes; refuses and fails on demand. */
    private final class Recorder implements Stage<String> {
        private final String name;
        boolean notNow;
        boolean notYet;
        boolean failing;

        Recorder(String name) {
            this.name = name;
        }

        @Override
        public boolean take(String item) throws Exception {
            if (failing) {
                throw new java.io.IOException("no");
            }
            if (notNow) {
                return false;
            }
            trace.add(name + ":" + item);
            return true;
        }

        @Override
        public boolean finish() {
            if (notYet) {
                return false;
            }
            trace.add(name + ".");
            return true;
        }
    }

    private final Recorder write = new Recorder("w");
    private final Recorder sync = new Recorder("s");
    private final Pipeline<String> pipeline = Pipeline.<String>withCapacity(4, Pipeline.Producers.ONE)
            .stage("write", Signal.NONE, write)
            .stage("sync", Signal.NONE, sync)
            .build();
    private final Agent writing = pipeline.stages().get(0);
    private final Agent syncing = pipeline.stages().get(1);

    @Test
    void passesEveryItemThroughEveryStageInOrder() throws Exception {
        pipeline.offer("a");
        pipeline.offer("b");

        writing.step();
        syncing.step();

        assertThat(trace).containsExactly("w:a", "w:b", "w.", "s:a", "s:b", "s.");
        assertThat(pipeline.size()).isZero();
    }

    @Test
    void showsNothingToTheNextStageBeforeTheFirstHasFinished() throws Exception {
        write.notYet = true;
        pipeline.offer("a");
        writing.step();

        assertThat(syncing.step()).isZero();

        write.notYet = false;
        writing.step();
        syncing.step();
        assertThat(trace).containsExactly("w:a", "w.", "s:a", "s.");
    }

    @Test
    void takesNothingMoreInWhileAStageHasNotFinished() throws Exception {
        write.notYet = true;
        pipeline.offer("a");
        writing.step();
        pipeline.offer("b");

        writing.step();

        assertThat(trace).containsExactly("w:a");
    }

    @Test
    void offersTheSameItemAgainAfterNotNow() throws Exception {
        write.notNow = true;
        pipeline.offer("a");
        pipeline.offer("b");
        assertThat(writing.step()).isZero();
        assertThat(pipeline.size()).isEqualTo(2);

        write.notNow = false;
        writing.step();

        assertThat(trace).containsExactly("w:a", "w:b", "w.");
    }

    @Test
    void losesNothingWhenAStageThrows() throws Exception {
        write.failing = true;
        pipeline.offer("a");
        assertThatThrownBy(writing::step).hasMessage("no");
        assertThat(syncing.step()).isZero();

        write.failing = false;
        writing.step();
        syncing.step();

        assertThat(trace).containsExactly("w:a", "w.", "s:a", "s.");
    }

    @Test
    void refusesWhenFullAndTellsWhenThereIsSpaceAgain() throws Exception {
        int[] raised = {0};
        for (int i = 0; i < pipeline.capacity(); i++) {
            assertThat(pipeline.offer("x")).isTrue();
        }
        assertThat(pipeline.offer("y", () -> raised[0]++)).isFalse();

        writing.step();
        assertThat(pipeline.offer("y"))
                .as("slots are free only behind the last stage")
                .isFalse();
        syncing.step();

        assertThat(raised[0]).isEqualTo(1);
        assertThat(pipeline.offer("y")).isTrue();
    }

    @Test
    void goesRoundTheRingManyTimes() throws Exception {
        int count = 0;
        for (int i = 0; i < 1_000; i++) {
            while (pipeline.offer(Integer.toString(count))) {
                count++;
            }
            writing.step();
            syncing.step();
        }
        assertThat(trace.stream().filter(s -> s.startsWith("s:")).map(s -> s.substring(2)))
                .hasSize(count)
                .isSortedAccordingTo((a, b) -> Integer.compare(Integer.parseInt(a), Integer.parseInt(b)));
    }

    @Test
    void raisesTheSignalOfTheStageThatHasWork() throws Exception {
        List<String> raised = new ArrayList<>();
        Pipeline<String> signalling = Pipeline.<String>withCapacity(4, Pipeline.Producers.MANY)
                .stage("one", () -> raised.add("one"), item -> true)
                .stage("two", () -> raised.add("two"), item -> true)
                .build();

        signalling.offer("a");
        assertThat(raised).containsExactly("one");
        signalling.stages().get(0).step();

        assertThat(raised).containsExactly("one", "two");
    }
}
