import org.apache.flink.api.common.functions.FilterFunction;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Submits a job that counts to the JobManager whose REST port is given. With a number to count to it waits for the job's end,
 * after its last checkpoint; without one, the job runs until somebody ends it.
 */
public final class Job {
    public static void main(String[] arguments) throws Exception {
        boolean ends = arguments.length > 1;
        long last = ends ? Long.parseLong(arguments[1]) : Long.MAX_VALUE;
        Configuration configuration = new Configuration();
        configuration.setString("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createRemoteEnvironment("127.0.0.1", Integer.parseInt(arguments[0]), configuration);
        environment.setParallelism(1);
        environment.enableCheckpointing(ends ? 500 : 1000);
        environment.fromSequence(1, last).filter(new Hundredth()).print();
        if (ends) {
            environment.execute();
        } else {
            System.out.println("submitted " + environment.executeAsync().getJobID());
        }
        System.exit(0);
    }

    /** Counts what passes, a hundred a second, lets each hundredth through, and says where it goes on after it was restored. */
    public static final class Hundredth implements FilterFunction<Long>, CheckpointedFunction {
        private transient ListState<Long> kept;
        private long count;

        @Override
        public boolean filter(Long value) throws Exception {
            Thread.sleep(10);
            return ++count % 100 == 0;
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) throws Exception {
            kept.clear();
            kept.add(count);
        }

        @Override
        public void initializeState(FunctionInitializationContext context) throws Exception {
            kept = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("count", Long.class));
            for (Long before : kept.get()) {
                count += before;
            }
            if (context.isRestored()) {
                System.out.println("counting goes on after " + count);
            }
        }
    }
}
