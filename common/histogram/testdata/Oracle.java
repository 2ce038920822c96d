// The Java library's view of encoded histograms, for oracle_test.cc.
//   java Oracle read  <file>: decodes the file (plain, or compressed) and prints count, percentiles and non-zero counters.
//   java Oracle write <file> <plain|compressed> <highest> <digits> <seed>: writes a histogram and prints the same lines of it.
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

public class Oracle {
  private static final double[] PERCENTILES = {0, 1, 5, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 100};
  private static final int COMPRESSED_COOKIE_LOW_BYTE = 0x14;

  public static void main(String[] arguments) throws Exception {
    Path file = Paths.get(arguments[1]);
    if (arguments[0].equals("read")) {
      print(read(Files.readAllBytes(file)));
    } else {
      Histogram histogram =
          random(Long.parseLong(arguments[3]), Integer.parseInt(arguments[4]), Long.parseLong(arguments[5]));
      Files.write(file, encode(histogram, arguments[2].equals("compressed")));
      print(histogram);
    }
  }

  private static Histogram read(byte[] bytes) throws Exception {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    boolean compressed = (bytes[3] & 0xff) == COMPRESSED_COOKIE_LOW_BYTE;
    return compressed
        ? Histogram.decodeFromCompressedByteBuffer(buffer, 0)
        : Histogram.decodeFromByteBuffer(buffer, 0);
  }

  private static byte[] encode(Histogram histogram, boolean compressed) {
    ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int size = compressed ? histogram.encodeIntoCompressedByteBuffer(buffer) : histogram.encodeIntoByteBuffer(buffer);
    byte[] bytes = new byte[size];
    buffer.rewind();
    buffer.get(bytes);
    return bytes;
  }

  private static Histogram random(long highest, int digits, long seed) {
    Histogram histogram = new Histogram(highest, digits);
    Random random = new Random(seed);
    for (int i = 0; i < 20000; i++) {
      double exponent = random.nextDouble() * Math.log(highest);
      histogram.recordValue(Math.min(highest, (long) Math.exp(exponent)));
    }
    return histogram;
  }

  private static void print(Histogram histogram) {
    System.out.println("count " + histogram.getTotalCount());
    for (double percentile : PERCENTILES) {
      System.out.println("p " + histogram.getValueAtPercentile(percentile));
    }
    for (HistogramIterationValue value : histogram.recordedValues()) {
      System.out.println("v " + value.getValueIteratedTo() + " " + value.getCountAtValueIteratedTo());
    }
  }
}
