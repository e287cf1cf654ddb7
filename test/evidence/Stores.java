import java.util.concurrent.Executor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.runtime.highavailability.HighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServicesUtils;
import org.apache.flink.runtime.rpc.AddressResolution;
import org.apache.flink.runtime.rpc.RpcSystem;

/** Says which classes a JobManager with the configuration in a directory leaves its state to. */
final class Stores {
    public static void main(String[] arguments) throws Exception {
        Configuration configuration = GlobalConfiguration.loadConfiguration(arguments[0]);
        configuration.setString("jobmanager.rpc.address", "127.0.0.1");
        configuration.setString("kubernetes.config.file", arguments[1]);
        configuration.setString("kubernetes.namespace", arguments[2]);
        Executor direct = Runnable::run;
        HighAvailabilityServices services = HighAvailabilityServicesUtils.createHighAvailabilityServices(
                configuration, direct, AddressResolution.NO_ADDRESS_RESOLUTION, RpcSystem.load(configuration), Throwable::printStackTrace);
        System.out.println("jobs: " + jobStore(services).getClass().getSimpleName());
        System.out.println("checkpoints: " + services.getCheckpointRecoveryFactory().getClass().getSimpleName());
        System.exit(0);
    }

    /** Its name changed in 2.0, with what a job is submitted as. */
    private static Object jobStore(HighAvailabilityServices services) throws Exception {
        try {
            return services.getClass().getMethod("getExecutionPlanStore").invoke(services);
        } catch (NoSuchMethodException before20) {
            return services.getClass().getMethod("getJobGraphStore").invoke(services);
        }
    }
}
