# What pip takes for setuptools' part in a download. pip asks an archive's own setup code for its name and version before it
# keeps the archive; this answers in its place, so that no code of the archive runs and no setuptools need be there.
import os


class Answer:
    def prepare_metadata_for_build_wheel(self, folder, settings=None):
        name, version = os.environ["ARCHIVE_NAME"], os.environ["ARCHIVE_VERSION"]
        information = "{}-{}.dist-info".format(name.replace("-", "_"), version)
        os.mkdir(os.path.join(folder, information))
        with open(os.path.join(folder, information, "METADATA"), "w") as metadata:
            metadata.write("Metadata-Version: 2.1\nName: {}\nVersion: {}\n".format(name, version))
        return information


# The name under which pip looks for it, for an archive that names nothing else: PEP 517.
__legacy__ = Answer()
