import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Submits a small job to the JobManager whose REST port is given, and waits until it is done with its last checkpoint. */
final class Job {
    public static void main(String[] arguments) throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createRemoteEnvironment("127.0.0.1", Integer.parseInt(arguments[0]));
        environment.setParallelism(1);
        environment.enableCheckpointing(500);
        environment.fromSequence(1, 3).print();
        boolean waits = arguments.length == 1;
        if (waits) {
            environment.execute();
        } else {
            environment.executeAsync();
        }
        System.exit(0);
    }
}
