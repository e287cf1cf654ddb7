import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The classes of Flink that are asked, found in one class loader. */
final class Flink {
    private final ClassLoader loader;
    private final Method load;
    private final Method toMap;
    private final Method fromMap;
    private final List<Runnable> resets = new ArrayList<>();

    Flink(ClassLoader loader) throws Throwable {
        this.loader = loader;
        Class<?> configuration = loader.loadClass("org.apache.flink.configuration.Configuration");
        load = loader.loadClass("org.apache.flink.configuration.GlobalConfiguration").getMethod("loadConfiguration", String.class);
        toMap = configuration.getMethod("toMap");
        fromMap = configuration.getMethod("fromMap", Map.class);
        findState();
    }

    /**
     * From 1.19 on YamlParserUtils keeps one parser and one dumper for the life of a process. The dumper numbers its
     * anchors on from load to load, and an exception leaves both with what they were busy with. Each load here stands for
     * a process of its own, so that is cleared before.
     */
    private void findState() throws Throwable {
        Class<?> parsers;
        try {
            parsers = loader.loadClass("org.apache.flink.configuration.YamlParserUtils");
        } catch (ClassNotFoundException before119) {
            return;
        }
        Object dumper = read(parsers, null, "flowDumper");
        Object settings = read(parsers, null, "flowDumperSettings");
        Object anchors = call(settings, "getAnchorGenerator");
        Field last = field(anchors.getClass(), "lastAnchorId");
        resets.add(() -> {
            try {
                last.setInt(anchors, 0);
            } catch (IllegalAccessException impossible) {
                throw new AssertionError(impossible);
            }
        });
        Object representer = read(dumper.getClass(), dumper, "representer");
        resets.add(((Map<?, ?>) read(representer.getClass(), representer, "representedObjects"))::clear);
        Object parser = read(parsers, null, "loader");
        Object constructor = read(parser.getClass(), parser, "constructor");
        resets.add(((Collection<?>) read(constructor.getClass(), constructor, "maps2fill"))::clear);
        resets.add(((Collection<?>) read(constructor.getClass(), constructor, "sets2fill"))::clear);
    }

    void forget() {
        resets.forEach(Runnable::run);
    }

    Object load(String directory) throws Throwable {
        return invoke(load, null, directory);
    }

    @SuppressWarnings("unchecked")
    Map<String, String> toMap(Object configuration) throws Throwable {
        return (Map<String, String>) invoke(toMap, configuration);
    }

    Object fromMap(Map<String, String> map) throws Throwable {
        return invoke(fromMap, null, map);
    }

    String highAvailabilityMode(Object configuration) throws Throwable {
        return String.valueOf(ask("org.apache.flink.runtime.jobmanager.HighAvailabilityMode", "fromConfig", configuration));
    }

    String storagePath(Object configuration) throws Throwable {
        return String.valueOf(ask("org.apache.flink.runtime.highavailability.HighAvailabilityServicesUtils",
                "getClusterHighAvailableStoragePath", configuration));
    }

    private Object ask(String type, String method, Object configuration) throws Throwable {
        return invoke(loader.loadClass(type).getMethod(method, configuration.getClass()), null, configuration);
    }

    Object parseArguments(byte entryPoint, String[] arguments) throws Throwable {
        Object factory = loader.loadClass(parserFactory(entryPoint)).getConstructor().newInstance();
        Class<?> factories = loader.loadClass("org.apache.flink.runtime.entrypoint.parser.ParserResultFactory");
        Object parser = loader.loadClass("org.apache.flink.runtime.entrypoint.parser.CommandLineParser")
                .getConstructor(factories).newInstance(factory);
        return invoke(parser.getClass().getMethod("parse", String[].class), parser, (Object) arguments);
    }

    private static String parserFactory(byte entryPoint) throws IOException {
        switch (entryPoint) {
            case 's':
                return "org.apache.flink.runtime.entrypoint.EntrypointClusterConfigurationParserFactory";
            case 'a':
                return "org.apache.flink.container.entrypoint.StandaloneApplicationClusterConfigurationParserFactory";
            case 't':
                return "org.apache.flink.runtime.entrypoint.ClusterConfigurationParserFactory";
            default:
                throw new IOException("no such entry point");
        }
    }

    /** What an entry point takes from its arguments besides dynamic properties and what is left for the program. */
    static Map<String, String> furtherResults(Object parsed) throws Throwable {
        Map<String, String> results = new TreeMap<>();
        for (String getter : new String[] {"getConfigDir", "getHostname", "getRestPort", "getJobClassName", "getJobId"}) {
            try {
                Object value = call(parsed, getter);
                if (value != null) {
                    results.put(getter.substring("get".length()), value.toString());
                }
            } catch (NoSuchMethodException otherEntryPoint) {
                continue;
            }
        }
        return results;
    }

    static Object call(Object target, String getter) throws Throwable {
        Class<?> type = target.getClass();
        while (true) {
            try {
                Method method = type.getDeclaredMethod(getter);
                method.setAccessible(true);
                return method.invoke(target);
            } catch (NoSuchMethodException inherited) {
                type = type.getSuperclass();
                if (type == null) {
                    throw inherited;
                }
            }
        }
    }

    private static Object invoke(Method method, Object target, Object... arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private static Object read(Class<?> type, Object target, String name) throws Exception {
        return field(type, name).get(target);
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
            try {
                Field field = owner.getDeclaredField(name);
                field.setAccessible(true);
                return field;
            } catch (NoSuchFieldException inherited) {
                continue;
            }
        }
        throw new NoSuchFieldException(name);
    }
}
