/** The code of docs/guide.md, and the test that the page shows it as it is here. Read {@code GuideTest} first. */
@NullMarked
package io.millrace.samples.guide;

import org.jspecify.annotations.NullMarked;
