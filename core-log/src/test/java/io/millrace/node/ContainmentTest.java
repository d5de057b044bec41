package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.client.ErrorCode;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupRequest.ConsumerHeartbeat;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.GroupRequest.Protocol;
import io.millrace.coordinator.assign.Partitions;
import io.millrace.kernel.Invariant;
import io.millrace.kernel.Invariant.BrokenInvariantException;
import io.millrace.kernel.Signal;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Mistakes in the code, which one request finds: what they end. */
final class ContainmentTest {

    private static ConsumerHeartbeat beat(String group, Predicate<String> mayRead) {
        return new ConsumerHeartbeat(
                group, "m", 0, null, null, "c", "/h", 10_000, List.of(), "t.*", null, Partitions.NONE, true, mayRead);
    }

    private static Join join(String group) {
        byte[] subscription = {0, 0, 0, 0, 0, 1, 0, 1, 't', -1, -1, -1, -1};
        List<Protocol> protocols = List.of(new Protocol("range", subscription));
        return new Join(group, "", null, "c", "/h", 10_000, 60_000, "consumer", protocols, false, true);
    }

    private static boolean endlessly(String name) {
        return endlessly(name + "x") && endlessly(name);
    }

    private static SteppedLog open() {
        SteppedLog log = new SteppedLog(1);
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        return log;
    }

    @Test
    void aDecisionThatFailsIsAnsweredAndTheNodeGoesOn() {
        SteppedLog log = open();
        NodeDoor door = log.node().newDoor(Signal.NONE);
        List<Predicate<String>> mistakes = List.of(
                name -> {
                    throw new IllegalStateException("a mistake");
                },
                ContainmentTest::endlessly);
        for (Predicate<String> mistake : mistakes) {
            assertThat(log.refusal(door.consumerHeartbeat(beat("g", mistake))))
                    .isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        }
        assertThat(log.answer(door.consumerHeartbeat(beat("g", name -> true))).error())
                .isEqualTo(ErrorCode.NONE);
        log.close();
    }

    @Test
    void whoWaitsForAGroupWhoseDecisionFailsIsAnsweredToo() {
        SteppedLog log = open();
        NodeDoor door = log.node().newDoor(Signal.NONE);
        Pending<Joined> waiting = door.join(join("g"));
        Pending<Joined> elsewhere = door.join(join("other"));
        log.settle();
        assertThat(log.refusal(door.consumerHeartbeat(beat("g", name -> {
                    throw new IllegalStateException("a mistake");
                }))))
                .isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(log.refusal(waiting)).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(log.answer(elsewhere).error()).isEqualTo(ErrorCode.NONE);
        assertThat(log.answer(door.join(join("g"))).error()).isEqualTo(ErrorCode.NONE);
        log.close();
    }

    @Test
    void aRequestThatFailsBeforeItHasChangedAnythingIsAnswered() {
        SteppedLog log = open();
        NodeAdmin admin = log.node().newDoor(Signal.NONE).admin();
        Pending<Void> failed = admin.changeSettings(
                SettingsScope.group("g"), before -> Map.of("k", String.valueOf(endlessly(""))), false);
        assertThat(log.refusal(failed)).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        log.answer(admin.changeSettings(SettingsScope.group("g"), before -> Map.of("k", "v"), false));
        log.close();
    }

    @Test
    void aBrokenInvariantStopsTheNode() {
        SteppedLog log = open();
        NodeDoor door = log.node().newDoor(Signal.NONE);
        assertThatThrownBy(() -> log.answer(door.consumerHeartbeat(beat("g", name -> {
                    Invariant.check(false, "nothing is as it should be");
                    return true;
                }))))
                .hasStackTraceContaining(BrokenInvariantException.class.getName());
        log.close();
    }

    @Test
    void aGroupWhoseTimersFailIsToldOfNowAndThen() {
        TimerFaults faults = new TimerFaults();
        RuntimeException mistake = new IllegalStateException("a mistake");
        assertThat(faults.tell("g", mistake, 0)).isTrue();
        assertThat(faults.tell("g", mistake, TimerFaults.TELL_INTERVAL_MS - 1)).isFalse();
        assertThat(faults.tell("g", mistake, TimerFaults.TELL_INTERVAL_MS)).isTrue();
        assertThat(faults.tell("h", mistake, 0)).isTrue();
    }
}
