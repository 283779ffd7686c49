import java.io.File;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;

/** Says what of a file is not as CycloneDX 1.6 wants it: java -cp … Validate.java FILE. */
class Validate {
  public static void main(String[] arguments) throws Exception {
    var errors = new JsonParser().validate(new File(arguments[0]), Version.VERSION_16);
    errors.forEach(it -> System.out.println(it.getMessage()));
    System.exit(errors.isEmpty() ? 0 : 1);
  }
}
