import Testing

@testable import TinyNumerics

/// Known answers published with Random123 (file `kat_vectors`, generator threefry4x64, 20 rounds).
@Suite("Threefry-4×64-20")
struct ThreefryTests {
  @Test("known answers of Random123")
  func knownAnswers() {
    let ones = UInt64.max
    expect(
      [0, 0, 0, 0], [0, 0, 0, 0],
      give: [
        0x0921_8ebd_e6c8_5537, 0x5594_1f52_66d8_6105, 0x4bd2_5e16_2824_34dc, 0xee29_ec84_6bd2_e40b,
      ])
    expect(
      [ones, ones, ones, ones], [ones, ones, ones, ones],
      give: [
        0x29c2_4097_942b_ba1b, 0x0371_bbfb_0f6f_4e11, 0x3c23_1ffa_33f8_3a1c, 0xcd29_113f_de32_d168,
      ])
    expect(
      [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344, 0xa409_3822_299f_31d0, 0x082e_fa98_ec4e_6c89],
      [0x4528_21e6_38d0_1377, 0xbe54_66cf_34e9_0c6c, 0xbe54_66cf_34e9_0c6c, 0xc0ac_29b7_c97c_50dd],
      give: [
        0xa7e8_fde5_9165_1bd9, 0xbaaf_d0c3_0138_319b, 0x84a5_c1a7_29e6_85b9, 0x901d_406c_cebc_1ba4,
      ])
  }

  private func expect(_ counter: [UInt64], _ key: [UInt64], give words: [UInt64]) {
    let lanes = counter.map { Threefry.Lanes(repeating: $0) }
    let blocks = Threefry.scramble(
      counter: (lanes[0], lanes[1], lanes[2], lanes[3]), key: (key[0], key[1], key[2], key[3]))
    for lane in 0..<4 {
      #expect([blocks.0[lane], blocks.1[lane], blocks.2[lane], blocks.3[lane]] == words)
    }
  }

  @Test("the first word under seed 0 is the published one, and words come from successive blocks")
  func sequence() {
    var generator = Threefry(seed: 0)
    let words = (0..<32).map { _ in generator.next() }
    #expect(words[0] == 0x0921_8ebd_e6c8_5537)
    #expect(words[4] == 0x5594_1f52_66d8_6105)
    #expect(words[8] == 0x4bd2_5e16_2824_34dc)
    #expect(words[12] == 0xee29_ec84_6bd2_e40b)
    #expect(Set(words).count == 32)
  }

  @Test("seed and stream both matter")
  func streams() {
    func first(_ seed: UInt64, _ stream: UInt64) -> UInt64 {
      var generator = Threefry(seed: seed, stream: stream)
      return generator.next()
    }
    #expect(Set([first(1, 0), first(0, 1), first(1, 1), first(2, 0)]).count == 4)
    #expect(first(7, 3) == first(7, 3))
  }
}
