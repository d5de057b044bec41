package io.millrace.streams.runtime;

import io.millrace.streams.codec.KeyRouter;
import io.millrace.streams.codec.StateKeyCodec;
import io.millrace.streams.operator.Receiver;
import io.millrace.streams.operator.RecordContext;
import io.millrace.streams.plan.Exchange;
import org.jspecify.annotations.Nullable;

/** The way of one task into an exchange: finds the shard that owns the key. Owned by the lane. */
final class ExchangeRouter implements Receiver {

    private final int index;
    private final int fromShard;
    private final KeyRouter router;
    private final Exchanges exchanges;

    ExchangeRouter(int index, Exchange exchange, int fromShard, StateKeyCodec canonical, Exchanges exchanges) {
        this.index = index;
        this.fromShard = fromShard;
        this.router = new KeyRouter(exchange.keys(), canonical, exchange.partitions());
        this.exchanges = exchanges;
    }

    @Override
    public void accept(@Nullable Object key, @Nullable Object value, long timestampMs, RecordContext context) {
        exchanges.send(index, fromShard, router.partition(key), key, value, timestampMs, context);
    }
}
