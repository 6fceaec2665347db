using Speedup.Core.Masks;
using Speedup.TestKit.Networks;
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
            bool isSubject = path.StartsWith(HostNetwork.SubjectPath, StringComparison.Ordinal);
            if (values.Random.Next(6) == 0 || (isSubject && !masksSubject))
                continue;
            entries.Add(new MaskEntry(path, name, Draw(values, parameter.shape, kit.Type)));
        }
        return new MaskSet(entries);
    }

    private static Tensor Draw(Values values, long[] shape, ScalarType type)
    {
        using var scope = NewDisposeScope();
        Tensor mask = values.Mask(shape, type, values.Random.Next(2) * Entries);
        for (int axis = 0; axis < Math.Min(2, shape.Length); axis++)
        {
            long[] line = [.. shape.Select((length, at) => at == axis ? length : 1)];
            mask = mask * values.Mask(line, type, axis == 0 ? Rows : Columns);
        }
        return mask.MoveToOuterDisposeScope();
    }
}
