using SmallModels.Tests.Support;
using SmallNetworks;
using Speedup.Abstractions;
using Speedup.Core.SmallModels;
using Xunit;
using static TorchSharp.torch;

namespace SmallModels.Tests;

/// <summary>
/// Files with a few bytes changed, moved, cut off or put in: each is refused, or the model computes the same. SPEEDUP_MUTATED_FILES sets how many.
/// </summary>
public sealed class MutatedFileTests
{
    private const int LargestFactor = 4;
    private static readonly string[] Networks = ["fields", "residual", "transformer-heads", "tied", "recurrent"];

    private static int Count { get; } = Volume.Of("SPEEDUP_MUTATED_FILES", everyday: 500, full: 20_000);

    public static TheoryData<string> Names => [.. Networks];

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_OfMutatedFile_RefusesOrIsEqual(string name)
    {
        SmallNetwork network = SmallNetworkCatalog.Find(name);
        using var folder = new TemporaryFolder();
        using nn.Module small = Engine.MakeSmall(network);
        IReadOnlyList<Tensor> expected = network.RunAll(small);
        SmallModel.Save(small, folder.File("intact.speedup"));
        byte[] intact = File.ReadAllBytes(folder.File("intact.speedup"));
        long usual = Allocated(() => SmallModel.Load(network.Fresh(), folder.File("intact.speedup")));
        var random = new Random(11);
        int refused = 0;

        for (int i = 0; i < Count / Networks.Length; i++)
        {
            byte[] mutated = Mutation.Apply(intact, random);
            File.WriteAllBytes(folder.File("mutated.speedup"), mutated);
            using nn.Module model = network.Fresh();
            ModelBits before = ModelBits.Of(model);
            bool isRefused = false;
            long allocated = Allocated(() => isRefused = IsRefused(model, folder.File("mutated.speedup")));

            Assert.True(allocated <= usual + (LargestFactor * mutated.LongLength), $"mutation {i} took {allocated} bytes");
            if (isRefused)
                Assert.Equal(before, ModelBits.Of(model));
            else
                Assert.True(ModelBits.AreEqual(expected, network.RunAll(model)), $"mutation {i} was taken and computes something else");
            refused += isRefused ? 1 : 0;
        }

        Assert.True(refused > Count / Networks.Length / 2, $"only {refused} were refused");
    }

    private static bool IsRefused(nn.Module model, string path)
    {
        try
        {
            SmallModel.Load(model, path);
            return false;
        }
        catch (SpeedupException)
        {
            return true;
        }
    }

    private static long Allocated(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
