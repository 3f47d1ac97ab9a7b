import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as maps, lists, text, numbers and truth; one line a message. */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() { }

    @SuppressWarnings("unchecked")
    static Map<String, Object> read(String line) throws IOException {
        try (JsonParser in = FACTORY.createParser(line)) {
            in.nextToken();
            return (Map<String, Object>) value(in);
        }
    }

    static String write(Object value) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            put(out, value);
        }
        return text.toString();
    }

    private static Object value(JsonParser in) throws IOException {
        switch (in.currentToken()) {
            case START_OBJECT:
                Map<String, Object> fields = new LinkedHashMap<>();
                while (in.nextToken() != JsonToken.END_OBJECT) {
                    String name = in.getCurrentName();
                    in.nextToken();
                    fields.put(name, value(in));
                }
                return fields;
            case START_ARRAY:
                List<Object> items = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) items.add(value(in));
                return items;
            case VALUE_STRING: return in.getText();
            case VALUE_NUMBER_INT: return in.getLongValue();
            case VALUE_NUMBER_FLOAT: return in.getDoubleValue();
            case VALUE_TRUE: return true;
            case VALUE_FALSE: return false;
            default: return null;
        }
    }

    private static void put(JsonGenerator out, Object value) throws IOException {
        if (value == null) out.writeNull();
        else if (value instanceof Map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> field : ((Map<?, ?>) value).entrySet()) {
                out.writeFieldName(String.valueOf(field.getKey()));
                put(out, field.getValue());
            }
            out.writeEndObject();
        } else if (value instanceof List) {
            out.writeStartArray();
            for (Object item : (List<?>) value) put(out, item);
            out.writeEndArray();
        } else if (value instanceof Boolean) out.writeBoolean((Boolean) value);
        else if (value instanceof Integer) out.writeNumber((Integer) value);
        else if (value instanceof Long) out.writeNumber((Long) value);
        else if (value instanceof Double) out.writeNumber((Double) value);
        else out.writeString(String.valueOf(value));
    }
}
