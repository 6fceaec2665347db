using Speedup.Persistence.Masks;
using Speedup.TestKit.Networks;
using Speedup.TestKit.Subjects;
using static TorchSharp.torch;

namespace Speedup.TestKit.Cases;

/// <summary>Draws the masks of a case: rows, columns and single entries, on all layers or on some of them.</summary>
internal static class RandomMasks
{
    private const double Rows = 0.4;
    private const double Columns = 0.3;
    private const double Entries = 0.08;

    public static MaskSet Draw(KitCase kit, HostNetwork network)
    {
        Values values = kit.Draw(Purpose.Masks);
        bool masksSubject = values.Random.Next(3) > 0;
        var entries = new List<MaskEntry>();
        foreach ((string path, nn.Module module) in network.named_modules())
        foreach ((string name, var parameter) in module.named_parameters(recurse: false))
        {
            if (path.StartsWith(HostNetwork.SinkPath, StringComparison.Ordinal) && name == ChannelMix.Bias)
                continue; // else everything may cancel out, and rounding be all that is left to compare
            bool isSubject = path.StartsWith(HostNetwork.SubjectPath, StringComparison.Ordinal);
            if (values.Random.Next(6) == 0 || (isSubject && !masksSubject))
                continue;
            entries.Add(new MaskEntry(path, name, Draw(values, parameter.shape, kit.Type, BlocksOf(path, kit.Subject))));
        }
        return new MaskSet(entries);
    }

    /// <summary>Channels leave the layers before the subject as rows, and enter those behind it as columns.</summary>
    private static (int Rows, int Columns) BlocksOf(string path, Subject subject) =>
        path.StartsWith(HostNetwork.SourcePath, StringComparison.Ordinal) ? (subject.Blocks.Input, 1)
        : path.StartsWith(HostNetwork.SinkPath, StringComparison.Ordinal) ? (1, subject.Blocks.Output)
        : (1, 1);

    private static Tensor Draw(Values values, long[] shape, ScalarType type, (int Rows, int Columns) blocks)
    {
        using var scope = NewDisposeScope();
        Tensor mask = values.Mask(shape, type, values.Random.Next(2) * Entries);
        for (int axis = 0; axis < Math.Min(2, shape.Length); axis++)
        {
            int block = axis == 0 ? blocks.Rows : blocks.Columns;
            long[] line = [.. shape.Select((length, at) => at == axis ? (length + block - 1) / block : 1)];
            Tensor drawn = values.Mask(line, type, axis == 0 ? Rows : Columns).repeat_interleave(block, axis);
            mask = mask * drawn.narrow(axis, 0, shape[axis]);
        }
        return mask.MoveToOuterDisposeScope();
    }
}
