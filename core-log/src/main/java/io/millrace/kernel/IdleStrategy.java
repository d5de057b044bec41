package io.millrace.kernel;

/**
 * How a thread without work waits: it looks at its doorbell a few times, offers its core to others a few times, then parks
 * until the doorbell is rung or a deadline is due. It never spins for ever, so an idle process costs nothing.
 *
 * @param spins looks at the doorbell with a spin hint between them (some tens of ns each)
 * @param yields looks at the doorbell with {@link Thread#yield} between them (a µs or more each)
 */
public record IdleStrategy(int spins, int yields) {

    /** Spins for some µs: about what waking a parked thread costs. */
    public static final IdleStrategy DEFAULT = new IdleStrategy(200, 8);

    /** Parks at once: for agents nobody waits for. */
    public static final IdleStrategy PARKING = new IdleStrategy(0, 0);

    public IdleStrategy {
        if (spins < 0 || yields < 0) {
            throw new IllegalArgumentException("spins and yields must be 0 or more, were " + spins + " and " + yields);
        }
    }
}
