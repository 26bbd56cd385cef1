// Checks an XML file against a schema with the validator that every Java brings: it has nothing to do with
// the program that writes either. Usage: java XmlSchemaCheck.java SCHEMA FILE
import java.io.File;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;

public class XmlSchemaCheck {
  public static void main(String[] names) throws Exception {
    SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
        .newSchema(new File(names[0]))
        .newValidator()
        .validate(new StreamSource(new File(names[1])));
    System.out.println("valid");
  }
}
