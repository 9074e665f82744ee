import java.io.File;
import java.io.FileInputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.uima.UIMAFramework;
import org.apache.uima.cas.CAS;
import org.apache.uima.cas.Feature;
import org.apache.uima.cas.impl.XmiCasDeserializer;
import org.apache.uima.cas.text.AnnotationFS;
import org.apache.uima.resource.metadata.TypeSystemDescription;
import org.apache.uima.util.CasCreationUtils;
import org.apache.uima.util.XMLInputSource;

/** Prints what Apache UIMA finds in a CAS: its text, then type, begin, end, text, label, id and ends of each annotation. */
public class Annotations {
    public static void main(String[] args) throws Exception {
        TypeSystemDescription types = UIMAFramework.getXMLParser()
            .parseTypeSystemDescription(new XMLInputSource(new File(args[0])));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (int i = 1; i < args.length; i++) {
            CAS cas = CasCreationUtils.createCas(types, null, null);
            try (FileInputStream file = new FileInputStream(args[i])) {
                XmiCasDeserializer.deserialize(file, cas, false);
            }
            out.println("text\t" + packed(cas.getDocumentText()));
            for (AnnotationFS found : cas.getAnnotationIndex()) {
                out.println(String.join("\t", found.getType().getName(), "" + found.getBegin(), "" + found.getEnd(),
                    packed(found.getCoveredText()), value(found, "label"), value(found, "id"), end(found, "Governor"),
                    end(found, "Dependent")));
            }
        }
    }

    static String packed(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static String value(AnnotationFS found, String name) {
        Feature feature = found.getType().getFeatureByBaseName(name);
        return feature == null ? "" : String.valueOf(found.getStringValue(feature));
    }

    static String end(AnnotationFS found, String name) {
        Feature feature = found.getType().getFeatureByBaseName(name);
        return feature == null ? "" : value((AnnotationFS) found.getFeatureValue(feature), "id");
    }
}
