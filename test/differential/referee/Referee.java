import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Answers on standard output what one release of Flink makes of the configuration that comes in on standard input.
 *
 * <p>A request and an answer are each a frame: its length as four bytes, big endian, and so many bytes. The first byte of a
 * request is the operation, the first byte of an answer says how it went. Texts are a length and UTF-8; a UTF-16 surrogate
 * without its partner, which Java's strings may hold, is written in three bytes as if it were a character.
 *
 * <p>Flink is called through reflection alone, so that one compilation of this class serves every release.
 */
public final class Referee {
    private static final int MAX_FRAME = 16 << 20;
    private static final int MAX_CAUSES = 20;
    private static final int MAX_MESSAGE = 4000;

    private static final int OK = 0;
    private static final int REFUSED = 1;
    private static final int UNSUPPORTED = 2;
    private static final int BROKEN = 3;

    private final Path directory;
    private final Flink flink;

    private Referee(Path directory) throws Throwable {
        this.directory = directory;
        this.flink = new Flink(Referee.class.getClassLoader());
    }

    /** Takes the folder to write configuration files to; it must be empty and nobody else's, and is removed in the end. */
    public static void main(String[] arguments) throws Throwable {
        Referee referee = new Referee(Path.of(arguments[0]));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out, 1 << 16));
        System.setOut(System.err); // whatever else is printed must not get between the frames
        // Flink loads its configuration in the main thread, which the launcher gives the same stack as a new one.
        Thread reader = new Thread(() -> referee.serve(new BufferedInputStream(System.in, 1 << 16), out), "referee");
        reader.start();
        reader.join();
        Files.deleteIfExists(referee.directory); // nobody else may be left to do it
    }

    private void serve(InputStream input, DataOutputStream out) {
        try (DataInputStream in = new DataInputStream(input)) {
            while (true) {
                int length;
                try {
                    length = in.readInt();
                } catch (EOFException end) {
                    return;
                }
                if (length < 1 || length > MAX_FRAME) {
                    throw new IOException("a request of " + length + " bytes");
                }
                byte[] request = new byte[length];
                in.readFully(request);
                byte[] answer = answer(request);
                out.writeInt(answer.length);
                out.write(answer);
                if (input.available() == 0) {
                    out.flush();
                }
            }
        } catch (IOException broken) {
            broken.printStackTrace();
            System.exit(1);
        }
    }

    private byte[] answer(byte[] request) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(request));
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            operate(in, out);
        } catch (IOException | LinkageError broken) {
            // Not Flink's word: a request that makes no sense, a full disk, a library that is not on the class path.
            bytes.reset();
            out.writeByte(BROKEN);
            writeText(out, broken.toString());
        } catch (Throwable refusal) {
            bytes.reset();
            writeRefusal(out, refusal);
        }
        return bytes.toByteArray();
    }

    private void operate(DataInputStream in, DataOutputStream out) throws Throwable {
        switch (in.readByte()) {
            case 'l':
                load(in, out, flink, false);
                break;
            case 'f':
                // Every class of Flink anew: what a process would read whose first load this is, beyond doubt.
                try (URLClassLoader fresh = freshLoader()) {
                    load(in, out, new Flink(fresh), false);
                }
                break;
            case 'h':
                load(in, out, flink, true);
                break;
            case 'm':
                highAvailabilityOfMap(in, out);
                break;
            case 'a':
                arguments(in, out);
                break;
            default:
                throw new IOException("no such operation");
        }
    }

    private void load(DataInputStream in, DataOutputStream out, Flink flink, boolean highAvailability) throws Throwable {
        List<File> written = new ArrayList<>();
        Object configuration;
        try {
            for (int count = in.readInt(); count > 0; count--) {
                File file = directory.resolve(readText(in)).toFile();
                written.add(file);
                Files.write(file.toPath(), readBytes(in));
            }
            flink.forget();
            configuration = flink.load(directory.toString());
        } finally {
            for (File file : written) {
                file.delete();
            }
        }
        Map<String, String> map = flink.toMap(configuration);
        out.writeByte(OK);
        writeMap(out, map);
        if (highAvailability) {
            writeHighAvailability(out, configuration);
        }
    }

    private void highAvailabilityOfMap(DataInputStream in, DataOutputStream out) throws Throwable {
        Map<String, String> map = new LinkedHashMap<>();
        for (int count = in.readInt(); count > 0; count--) {
            String key = readText(in);
            map.put(key, readText(in));
        }
        flink.forget();
        Object configuration = flink.fromMap(map);
        out.writeByte(OK);
        writeMap(out, flink.toMap(configuration));
        writeHighAvailability(out, configuration);
    }

    private void writeHighAvailability(DataOutputStream out, Object configuration) throws Throwable {
        writeOutcome(out, () -> flink.highAvailabilityMode(configuration));
        writeOutcome(out, () -> flink.storagePath(configuration));
    }

    private void arguments(DataInputStream in, DataOutputStream out) throws Throwable {
        byte entryPoint = in.readByte();
        String[] arguments = new String[in.readInt()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = readText(in);
        }
        Object parsed;
        try {
            parsed = flink.parseArguments(entryPoint, arguments);
        } catch (ClassNotFoundException absent) {
            out.writeByte(UNSUPPORTED);
            writeText(out, absent.getMessage());
            return;
        }
        Map<String, String> properties = new TreeMap<>();
        Properties dynamic = (Properties) Flink.call(parsed, "getDynamicProperties");
        dynamic.forEach((key, value) -> properties.put((String) key, (String) value));
        out.writeByte(OK);
        writeMap(out, properties);
        String[] rest = (String[]) Flink.call(parsed, "getArgs");
        out.writeInt(rest.length);
        for (String argument : rest) {
            writeText(out, argument);
        }
        writeMap(out, Flink.furtherResults(parsed));
    }

    private interface Question {
        String ask() throws Throwable;
    }

    private static void writeOutcome(DataOutputStream out, Question question) throws IOException {
        String text;
        try {
            text = question.ask();
        } catch (LinkageError broken) {
            throw broken;
        } catch (Throwable refusal) {
            writeRefusal(out, refusal);
            return;
        }
        out.writeByte(OK);
        writeText(out, text);
    }

    private static void writeRefusal(DataOutputStream out, Throwable refusal) throws IOException {
        List<String> texts = new ArrayList<>();
        for (Throwable cause = refusal; cause != null && texts.size() < 2 * MAX_CAUSES; cause = cause.getCause()) {
            if (cause instanceof InvocationTargetException) {
                continue;
            }
            texts.add(cause.getClass().getName());
            String message = String.valueOf(cause.getMessage());
            texts.add(message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message);
        }
        out.writeByte(REFUSED);
        out.writeInt(texts.size());
        for (String text : texts) {
            writeText(out, text);
        }
    }

    private static void writeMap(DataOutputStream out, Map<String, String> map) throws IOException {
        out.writeInt(map.size());
        for (Map.Entry<String, String> entry : new TreeMap<>(map).entrySet()) {
            writeText(out, entry.getKey());
            writeText(out, entry.getValue());
        }
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a text of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = hasSurrogate(text) ? withLoneSurrogates(text) : text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static boolean hasSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static byte[] withLoneSurrogates(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        text.codePoints().forEach(point -> {
            if (point >= 0xD800 && point <= 0xDFFF) {
                bytes.write(0xE0 | point >> 12);
                bytes.write(0x80 | point >> 6 & 0x3F);
                bytes.write(0x80 | point & 0x3F);
            } else {
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }

    private static URLClassLoader freshLoader() throws IOException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(new File(entry).toURI().toURL());
        }
        return new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    }
}
