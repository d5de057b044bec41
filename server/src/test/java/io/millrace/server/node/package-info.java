@NullMarked
package io.millrace.server.node;

import org.jspecify.annotations.NullMarked;
