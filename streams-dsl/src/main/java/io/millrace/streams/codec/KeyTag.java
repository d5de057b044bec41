package io.millrace.streams.codec;

/** First bytes of keys and of their parts. Part of the stored form; their order is the order of types in ranges. */
final class KeyTag {

    /** Ends a list: below every other tag, so that a shorter list comes first. */
    static final int END = 0x00;

    static final int NULL = 0x01;
    static final int FALSE = 0x02;
    static final int TRUE = 0x03;
    static final int BYTE = 0x10;
    static final int SHORT = 0x11;
    static final int INT = 0x12;
    static final int LONG = 0x13;
    static final int CHAR = 0x14;
    static final int FLOAT = 0x18;
    static final int DOUBLE = 0x19;
    static final int STRING = 0x20;
    static final int BYTES = 0x21;
    static final int UUID = 0x22;
    static final int INSTANT = 0x28;
    static final int LOCAL_DATE = 0x29;
    static final int LOCAL_DATE_TIME = 0x2a;
    static final int DURATION = 0x2b;
    static final int ENUM = 0x30;
    static final int RECORD = 0x40;
    static final int WINDOWED = 0x41;
    static final int LIST = 0x42;

    private KeyTag() {}
}
