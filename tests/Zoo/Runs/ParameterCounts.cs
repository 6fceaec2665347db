using static TorchSharp.torch;

namespace Zoo.Runs;

/// <summary>Compares the networks at full width with the published sizes.</summary>
public static class ParameterCounts
{
    /// <summary>Counts the parameters of a network at full width. No memory is taken where nothing is computed: built on the meta device.</summary>
    public static long CountFullWidth(ZooEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Device before = get_default_device();
        set_default_device(META);
        try
        {
            using nn.Module model = entry.Create(1);
            return model.parameters().Sum(parameter => parameter.numel());
        }
        finally
        {
            set_default_device(before);
        }
    }
}
